//! A call per frame of the screen, for as long as the handle lives.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Performance, window};
use yew::Callback;

/// A longer pause than this between two frames means that the tab was hidden or the machine was
/// busy: the lab does not try to catch up.
const LONGEST_FRAME_MS: f64 = 100.0;

type FrameClosure = Closure<dyn FnMut(f64)>;

/// Frames being delivered. They end when it is dropped.
pub struct Frames {
    shared: Rc<Shared>,
}

struct Shared {
    request: Cell<Option<i32>>,
    closure: RefCell<Option<FrameClosure>>,
}

impl Frames {
    /// Calls `on_frame` with the milliseconds since the frame before.
    pub fn start(on_frame: Callback<f64>) -> Frames {
        let shared = Rc::new(Shared { request: Cell::new(None), closure: RefCell::new(None) });
        let weak = Rc::downgrade(&shared);
        let mut last: Option<f64> = None;
        let closure = Closure::new(move |now: f64| {
            let since = last.map_or(0.0, |last| (now - last).clamp(0.0, LONGEST_FRAME_MS));
            last = Some(now);
            if let Some(shared) = weak.upgrade() {
                shared.request();
            }
            on_frame.emit(since);
        });
        *shared.closure.borrow_mut() = Some(closure);
        shared.request();
        Frames { shared }
    }
}

impl Shared {
    fn request(&self) {
        let closure = self.closure.borrow();
        let function = closure.as_ref().map(|closure| closure.as_ref().unchecked_ref());
        let id = function
            .zip(window())
            .and_then(|(function, window)| window.request_animation_frame(function).ok());
        self.request.set(id);
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (window(), self.shared.request.take()) {
            let _ = window.cancel_animation_frame(id);
        }
    }
}

thread_local! {
    /// Kept: while it plays the time is asked for a hundred times in each frame.
    static CLOCK: Option<Performance> = window().and_then(|window| window.performance());
}

/// Milliseconds since some moment, for measuring how long work has taken.
pub fn now_ms() -> f64 {
    CLOCK.with(|clock| clock.as_ref().map_or(0.0, Performance::now))
}
