//! How large a model is; read from the shapes of its tensors.

use crate::weights::File;

/// Largest values of the published models ("large"), so that a hostile file cannot ask for more.
const MAX_WIDTH: usize = 1280;
const MAX_HEADS: usize = 20;
const MAX_BLOCKS: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// Numbers in a state.
    pub(crate) width: usize,
    pub(crate) heads: usize,
    pub(crate) listener_blocks: usize,
    pub(crate) writer_blocks: usize,
}

impl Size {
    pub(crate) fn of(file: &File) -> Result<Size, String> {
        let width = match file.shape("encoder/conv1/bias")? {
            [width] => *width,
            _ => 0,
        };
        let heads = file.count("encoder/num_heads")?;
        let fits = (1..=MAX_WIDTH).contains(&width) && (1..=MAX_HEADS).contains(&heads);
        if !fits || width % heads != 0 || file.count("decoder/num_heads")? != heads {
            return Err(format!("{heads} heads do not fit states of {width} numbers"));
        }
        let blocks = |half: &str| {
            let name = |i: usize| format!("{half}/layer_{i}/ffn/linear_0/bias");
            (0..=MAX_BLOCKS).take_while(|i| file.has(&name(*i))).count()
        };
        let (listener_blocks, writer_blocks) = (blocks("encoder"), blocks("decoder"));
        for count in [listener_blocks, writer_blocks] {
            if !(1..=MAX_BLOCKS).contains(&count) {
                return Err(format!(
                    "one half has {count} blocks, it must be 1 to {MAX_BLOCKS}"
                ));
            }
        }
        Ok(Size {
            width,
            heads,
            listener_blocks,
            writer_blocks,
        })
    }
}
