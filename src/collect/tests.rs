mod loopback;
mod outcomes;
mod paging;
mod scenario;
mod world;
