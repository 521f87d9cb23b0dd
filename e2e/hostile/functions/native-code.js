// tries: to load native code
// must: refused
const attempts = [
  async () => Deno.dlopen('libc.so.6', { getpid: { parameters: [], result: 'i32' } }).symbols.getpid(),
  async () => (process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6'), 'loaded'),
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      const got = await attempt()
      if (got !== undefined) escaped.push(String(got).slice(0, 100))
    } catch {}
  }
  return { escaped }
}
