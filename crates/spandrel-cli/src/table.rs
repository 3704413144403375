//! Columns that line up.

/// A table with one style of column: text to the left, numbers to the right.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    /// The columns that hold numbers.
    numbers: &'static [usize],
}

const GAP: &str = "  ";
/// The least width that a narrow terminal leaves a cut column.
const LEAST: usize = 8;

impl Table {
    pub(crate) fn new(header: &[&str], numbers: &'static [usize]) -> Self {
        Self { rows: vec![header.iter().map(|&text| text.to_owned()).collect()], numbers }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The lines, at most `columns` wide as far as cutting the widest columns can make them.
    pub(crate) fn lines(&self, columns: Option<usize>) -> Vec<String> {
        let mut widths = self.widths();
        if let Some(columns) = columns {
            fit(&mut widths, columns);
        }
        self.rows.iter().map(|row| self.line(row, &widths)).collect()
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for row in &self.rows {
            widths.resize(row.len().max(widths.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }

    fn line(&self, row: &[String], widths: &[usize]) -> String {
        let cells = row.iter().zip(widths).enumerate().map(|(index, (cell, &width))| {
            let cell = cut(cell, width);
            if self.numbers.contains(&index) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    }
}

/// Takes from the widest column until the line fits.
fn fit(widths: &mut [usize], columns: usize) {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > columns {
        match widths.iter_mut().max() {
            Some(widest) if *widest > LEAST => *widest -= 1,
            _ => return,
        }
    }
}

fn cut(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return cell.to_owned();
    }
    cell.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_fit() {
        let mut table = Table::new(&["NAME", "TOKENS", "TITLE"], &[1]);
        table.row(["listPets".into(), "7".into(), "List all the pets of the shop".into()]);
        table.row(["ü".into(), "1,234".into(), String::new()]);
        assert_eq!(
            table.lines(None),
            [
                "NAME      TOKENS  TITLE",
                "listPets       7  List all the pets of the shop",
                "ü          1,234"
            ]
        );
        assert_eq!(
            table.lines(Some(34)),
            ["NAME      TOKENS  TITLE", "listPets       7  List all the pe…", "ü          1,234"]
        );
        assert_eq!(table.lines(Some(1)).first().map(String::as_str), Some("NAME      TOKENS  TITLE"));
    }
}
