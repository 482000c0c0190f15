mod loopback;
mod outcomes;
mod paging;
mod probing;
mod scenario;
mod world;
