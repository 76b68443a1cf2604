//! Every page, drawn in every language and every state.
