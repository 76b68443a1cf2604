//! In which country somebody asks, as far as a database that the operator supplies knows (MaxMind DB, as GeoLite2 Country, DB-IP and others write it).
//! An address is looked up and forgotten; the country is used for this one request, and written nowhere.

use std::net::IpAddr;
use std::path::Path;

use domain::party::Jurisdiction;
use maxminddb::{MaxMindDbError, Reader, geoip2};

/// A country database, in memory.
pub struct Geography(Reader<Vec<u8>>);

impl std::fmt::Debug for Geography {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Geography(..)")
    }
}

impl Geography {
    /// Reads one.
    ///
    /// # Errors
    /// The file cannot be read, or is no MaxMind DB.
    pub fn open(path: &Path) -> Result<Self, MaxMindDbError> {
        Reader::open_readfile(path).map(Self)
    }

    /// The country of an address; `None`: it is not known.
    #[must_use]
    pub fn country(&self, address: IpAddr) -> Option<Jurisdiction> {
        let found = self.0.lookup(address).ok()?.decode::<geoip2::Country<'_>>().ok()??;
        Jurisdiction::parse(found.country.iso_code?)
    }
}
