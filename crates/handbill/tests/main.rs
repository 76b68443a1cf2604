//! The real binary, driven from outside: what an operator and a poster at a terminal see.
#![expect(clippy::panic, reason = "a test may fail loudly")]

mod alike;
mod backup;
mod banks;
mod beside;
mod doctor;
mod evidence;
mod hammer;
mod levers;
mod logging;
mod manual;
mod material;
mod measuring;
mod policy;
mod posting;
mod serving;
mod site;
mod storm;
