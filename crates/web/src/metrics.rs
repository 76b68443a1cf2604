//! What is measured of a site, for its operator: how many requests, how long they took, what waits.
//!
//! Labels come from closed lists: the pattern of a route (never a path: a path holds ids and secrets), a method that we know, a
//! status. A request costs a few atomic additions: its meters are looked up once for each route and kept.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Instant;

use app::job::{LIGHT, MEDIA};
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, Request, Response, StatusCode};
use axum::routing::get;
use http_body_util::BodyExt as _;
use metrics::{Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use tower::{Layer, Service};

use crate::headers::{self, Kind};
use crate::{Web, health};

/// How long requests took: the name, for whoever sets the buckets.
pub const REQUEST_SECONDS: &str = "handbill_http_request_duration_seconds";
/// Requests that matched no route.
const NO_ROUTE: &str = "(none)";

/// What each measure means.
pub fn describe() {
    describe_counter!(
        "handbill_http_requests_total",
        "Requests by route, method and status; `aborted` where the client left before there was an answer."
    );
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "From a request's head to its answer's head; an upload's body lies in between.");
    describe_gauge!("handbill_http_requests_in_flight", "Requests without an answer yet.");
    describe_counter!("handbill_http_received_bytes_total", Unit::Bytes, "Bytes of requests' bodies.");
    describe_gauge!("handbill_jobs", "Jobs by lane and state: waiting, running, later, dead.");
    describe_gauge!("handbill_jobs_oldest_waiting_seconds", Unit::Seconds, "How long the job that waits longest has been due.");
    describe_gauge!("handbill_disk_free_bytes", Unit::Bytes, "Free on the disk of the photos and videos, where they are files.");
    describe_gauge!("handbill_database_up", "1 if the database answers.");
    describe_gauge!("handbill_blobs_up", "1 if the store of photos and videos answers.");
    describe_gauge!("handbill_build_info", "Always 1; its label says which version runs.");
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Memory in use, without media children.");
    describe_gauge!("process_open_fds", "Open file descriptors.");
    app::describe_metrics();
}

/// `GET /metrics` for a listener of its own. `render` writes down everything that was measured.
pub fn router(web: Web, render: Arc<dyn Fn() -> String + Send + Sync>) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state((web, render))
}

async fn scrape(State((web, render)): State<(Web, Arc<dyn Fn() -> String + Send + Sync>)>) -> Response<Body> {
    let findings = health::look(&web).await;
    gather(&findings);
    let mut response = headers::answer(StatusCode::OK, Kind::Text, render());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"));
    response
}

/// What is looked at rather than counted.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; no count here comes near 2^52")]
fn gather(findings: &health::Findings) {
    let truth = |value: bool| if value { 1.0 } else { 0.0 };
    gauge!("handbill_database_up").set(truth(findings.database));
    gauge!("handbill_blobs_up").set(truth(findings.blobs));
    gauge!("handbill_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    if let Some(free) = findings.free_bytes {
        gauge!("handbill_disk_free_bytes").set(free as f64);
    }
    // What is not known must not look like what was known before; NaN is Prometheus' word for it.
    for name in [LIGHT, MEDIA] {
        let lane = findings.lanes.iter().find(|lane| lane.name == name);
        let value = |of: fn(&store::jobs::Lane) -> i64| if findings.database { lane.map_or(0.0, |lane| of(lane) as f64) } else { f64::NAN };
        gauge!("handbill_jobs", "lane" => name, "state" => "waiting").set(value(|lane| lane.waiting));
        gauge!("handbill_jobs", "lane" => name, "state" => "running").set(value(|lane| lane.running));
        gauge!("handbill_jobs", "lane" => name, "state" => "later").set(value(|lane| lane.later));
        gauge!("handbill_jobs", "lane" => name, "state" => "dead").set(value(|lane| lane.dead));
        gauge!("handbill_jobs_oldest_waiting_seconds", "lane" => name).set(value(|lane| lane.oldest_ms) / 1_000.0);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    if let Some(kib) = resident {
        gauge!("process_resident_memory_bytes").set((kib * 1_024) as f64);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(open.count() as f64);
    }
}

/// `router` with every request measured.
pub fn measured(router: Router) -> Router {
    let routes = Routes {
        by_pattern: RwLock::default(),
        in_flight: gauge!("handbill_http_requests_in_flight"),
        received: counter!("handbill_http_received_bytes_total"),
    };
    router.layer(Measure(Arc::new(routes)))
}

/// The meters of all routes that were asked for so far.
struct Routes {
    by_pattern: RwLock<HashMap<String, Arc<Route>>>,
    in_flight: Gauge,
    received: Counter,
}

/// The meters of one route.
struct Route {
    pattern: String,
    seconds: Histogram,
    /// By method and status: a handful, so a list is faster than a map.
    answered: RwLock<Vec<(&'static str, Option<StatusCode>, Counter)>>,
}

impl Routes {
    fn of(&self, pattern: &str) -> Arc<Route> {
        if let Some(route) = self.by_pattern.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
            return Arc::clone(route);
        }
        let mut all = self.by_pattern.write().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let seconds = histogram!(REQUEST_SECONDS, "route" => pattern.to_owned());
            Arc::new(Route { pattern: pattern.to_owned(), seconds, answered: RwLock::default() })
        };
        Arc::clone(all.entry(pattern.to_owned()).or_insert_with(new))
    }
}

impl Route {
    /// Counts one answer; `None` if the client left before there was one.
    fn count(&self, method: &'static str, status: Option<StatusCode>) {
        let same = |(m, s, _): &&(&'static str, Option<StatusCode>, Counter)| *m == method && *s == status;
        if let Some((_, _, counter)) = self.answered.read().unwrap_or_else(PoisonError::into_inner).iter().find(same) {
            return counter.increment(1);
        }
        let word = status.map_or_else(|| "aborted".to_owned(), |status| status.as_str().to_owned());
        // Registering twice gives the same counter twice: no harm if two requests come here at once.
        let counter = counter!("handbill_http_requests_total", "route" => self.pattern.clone(), "method" => method, "status" => word);
        counter.increment(1);
        self.answered.write().unwrap_or_else(PoisonError::into_inner).push((method, status, counter));
    }
}

/// A stranger can send any word as a method.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// One request under way; dropped without an answer, its client has left.
struct UnderWay {
    routes: Arc<Routes>,
    route: Arc<Route>,
    method: &'static str,
    begun: Instant,
    status: Option<StatusCode>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.routes.in_flight.decrement(1.0);
        self.route.count(self.method, self.status);
        if self.status.is_some() {
            self.route.seconds.record(self.begun.elapsed().as_secs_f64());
        }
    }
}

#[derive(Clone)]
struct Measure(Arc<Routes>);

impl<S> Layer<S> for Measure {
    type Service = Measured<S>;

    fn layer(&self, inner: S) -> Measured<S> {
        Measured { inner, routes: Arc::clone(&self.0) }
    }
}

#[derive(Clone)]
struct Measured<S> {
    inner: S,
    routes: Arc<Routes>,
}

impl<S> Service<Request<Body>> for Measured<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let route = self.routes.of(request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str));
        let method = known(request.method());
        if matches!(method, "POST" | "PUT" | "PATCH") {
            let received = self.routes.received.clone();
            request = request.map(|body| {
                Body::new(body.map_frame(move |frame| {
                    received.increment(frame.data_ref().map_or(0, |bytes| bytes.len() as u64));
                    frame
                }))
            });
        }
        self.routes.in_flight.increment(1.0);
        let under_way = UnderWay { routes: Arc::clone(&self.routes), route, method, begun: Instant::now(), status: None };
        let answer = self.inner.call(request);
        Box::pin(async move {
            // Taken whole, so that it is dropped with this future.
            let mut under_way = under_way;
            let answer = answer.await;
            under_way.status = answer.as_ref().ok().map(|answer: &Response<Body>| answer.status());
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::post;
    use tower::ServiceExt as _;

    fn request(method: &str, path: &str) -> Request<Body> {
        Request::builder().method(method).uri(path).body(Body::from("12345")).expect("it is a request")
    }

    fn site() -> Router {
        measured(
            Router::new()
                .route("/{id}", get(async || "page"))
                .route("/{id}/manage/{secret}", post(async |body: String| body))
                .fallback(async || StatusCode::NOT_FOUND),
        )
    }

    #[test]
    fn requests_are_measured_by_route_and_no_path_gets_into_a_label() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        metrics::with_local_recorder(&recorder, || {
            let site = site();
            for (method, path, status) in [
                ("GET", "/kd7mw3qh5xtn", 200),
                ("GET", "/kd7mw3qh5xtm", 200),
                ("POST", "/kd7mw3qh5xtn/manage/0123456789secret", 200),
                ("BREW", "/kd7mw3qh5xtn", 405),
                ("GET", "/no/such/place/secret", 404),
            ] {
                let answer = runtime.block_on(site.clone().oneshot(request(method, path))).expect("it answers");
                assert_eq!(answer.status(), status, "{method} {path}");
            }
        });
        let text = handle.render();
        for line in [
            "handbill_http_requests_total{route=\"/{id}\",method=\"GET\",status=\"200\"} 2",
            "handbill_http_requests_total{route=\"/{id}/manage/{secret}\",method=\"POST\",status=\"200\"} 1",
            "handbill_http_requests_total{route=\"/{id}\",method=\"other\",status=\"405\"} 1",
            "handbill_http_requests_total{route=\"(none)\",method=\"GET\",status=\"404\"} 1",
            "handbill_http_received_bytes_total 5",
            "handbill_http_requests_in_flight 0",
            "handbill_http_request_duration_seconds_count{route=\"/{id}\"} 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("kd7mw3qh5xt") && !text.contains("0123456789secret") && !text.contains("BREW"), "{text}");
    }

    #[test]
    fn a_client_that_leaves_is_counted_and_is_no_longer_in_flight() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            let site = measured(Router::new().route("/", get(std::future::pending::<&str>)));
            let mut asked = Box::pin(site.oneshot(request("GET", "/")));
            assert!(asked.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_pending());
            assert!(handle.render().contains("handbill_http_requests_in_flight 1"));
            drop(asked);
            let text = handle.render();
            assert!(text.contains("handbill_http_requests_total{route=\"/\",method=\"GET\",status=\"aborted\"} 1"), "{text}");
            assert!(text.contains("handbill_http_requests_in_flight 0"), "{text}");
        });
    }
}
