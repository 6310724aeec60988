//! Agreement of two series of grades. Plain textbook formulas, in the order of the input, so that the
//! figures are the same on every run.

use serde::Serialize;

/// How well scores agree with given grades. Figures that do not exist (fewer than two pairs, or no
/// variance) are null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// Pairs compared.
    pub n: usize,
    /// Pearson's product-moment correlation.
    pub pearson: Option<f64>,
    /// Spearman's rank correlation; ties take the mean of their ranks.
    pub spearman: Option<f64>,
    /// Root of the mean squared difference, in points of 100.
    pub rmse: Option<f64>,
    /// Mean absolute difference, in points of 100.
    pub mae: Option<f64>,
}

impl Agreement {
    /// Compares `scored` with `gold`, pair by pair.
    pub(crate) fn of(scored: &[f64], gold: &[f64]) -> Self {
        let n = scored.len().min(gold.len());
        let differences: Vec<f64> = scored.iter().zip(gold).map(|(s, g)| s - g).collect();
        let absolute: Vec<f64> = differences.iter().map(|d| d.abs()).collect();
        let squares: Vec<f64> = differences.iter().map(|d| d * d).collect();
        Self {
            n,
            pearson: pearson(scored, gold).map(rounded),
            spearman: pearson(&ranks(scored), &ranks(gold)).map(rounded),
            rmse: (n > 0).then(|| rounded(mean(&squares).sqrt())),
            mae: (n > 0).then(|| rounded(mean(&absolute))),
        }
    }
}

/// Four decimals: more would be noise of the last bits.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines lie far below 2^53")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() < 2 || x.len() != y.len() {
        return None;
    }
    let (mx, my) = (mean(x), mean(y));
    let sum = |of: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(a, b)| of(a - mx, b - my)).sum::<f64>();
    let variances = sum(&|a, _| a * a) * sum(&|_, b| b * b);
    // Below this the differences are rounding noise: the series is constant.
    (variances > 1e-12).then(|| sum(&|a, b| a * b) / variances.sqrt())
}

/// Ranks from 1; equal values share the mean of the ranks they take up.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let same = |at: &&usize| values[**at] == values[order[from]];
        let count = order[from..].iter().take_while(same).count();
        #[expect(clippy::cast_precision_loss, reason = "counts of lines lie far below 2^53")]
        let rank = from as f64 + (count as f64 + 1.0) / 2.0;
        for &at in &order[from..from + count] {
            ranks[at] = rank;
        }
        from += count;
    }
    ranks
}

/// The line through the points that leaves the least squared error, applied to `x`: how a series of
/// another unit, such as a word count, is put on the scale of `y`. The mean of `y` where `x` is constant.
pub(crate) fn fitted(x: &[f64], y: &[f64]) -> Vec<f64> {
    if x.is_empty() {
        return Vec::new();
    }
    let (mx, my) = (mean(x), mean(y));
    let variance: f64 = x.iter().map(|a| (a - mx) * (a - mx)).sum();
    let covariance: f64 = x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum();
    let slope = if variance > 0.0 {
        covariance / variance
    } else {
        0.0
    };
    x.iter().map(|a| my + slope * (a - mx)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textbook_values() {
        // Anscombe's first set: r = 0.816.
        let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
        let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        let agreement = Agreement::of(&x, &y);
        assert_eq!(agreement.pearson, Some(0.8164));
        assert_eq!(agreement.spearman, Some(0.8182));
        let line = fitted(&x, &y);
        assert!((line[0] - 8.001).abs() < 1e-3, "3.00 + 0.500 x: {}", line[0]);
    }

    #[test]
    fn ties_share_the_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
    }

    #[test]
    fn figures_that_do_not_exist_are_none() {
        let none = Agreement::of(&[], &[]);
        assert_eq!((none.pearson, none.rmse), (None, None));
        let constant = Agreement::of(&[50.0, 50.0], &[40.0, 60.0]);
        assert_eq!(
            (constant.pearson, constant.rmse, constant.mae),
            (None, Some(10.0), Some(10.0))
        );
    }
}
