// tries: to block its thread
// must: time limit
function lambda() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
