import { callOf, openTestSandbox } from './test-sandbox.fixture.ts'

/**
 * A process of its own with a sandbox, for tests that kill it or run it as another user. Calls a function, prints the
 * outcome, then keeps one instance computing and one frozen until it is killed.
 */
const [cacheDir = '', confinement = 'namespaces'] = process.argv.slice(2)
const { sandbox, run } = await openTestSandbox({
  config: {
    cacheDir,
    confinement: confinement as 'namespaces' | 'user' | 'plain',
    limits: { freezeAfterMs: 1, warmPool: 1 },
  },
})
const files = `async function lambda(i) {
  const { readFileSync } = await import('node:fs')
  return i.payload.map((path) => { try { return readFileSync(path, 'utf8') } catch (e) { return e.name } })
}`
const buffers = `async function lambda() {
  const kept = []
  for (;;) { kept.push(Buffer.alloc(4 << 20, 1)); console.info(String(kept.length * 4)) }
}`
const version = { delivers: 'return' } as const
const limits = { logEntries: 1_000 }
const read = await run(files, { payload: ['/etc/passwd', '/proc/self/environ'], version })
const filled = await run(buffers, { version, call: { limits } })
await run('function lambda(i, cb) { cb() }')
void sandbox.invoke(callOf('function lambda() { while (true); }', null))
process.stdout.write(`${JSON.stringify({ read: read.value, filled })}\n`)
