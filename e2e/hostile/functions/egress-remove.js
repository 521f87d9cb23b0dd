// tries: to remove, move, lock or replace what leads to the egress proxy
// must: refused
const address = Deno.args[0] ?? '/proc/self/fd/3'
const fs = process.getBuiltinModule('fs')
const attempts = [
  async () => (Deno.chmodSync(address, 0), 'locked'),
  async () => (Deno.renameSync(address, `${address}/..`), 'moved'),
  async () => (Deno.removeSync(address), 'removed'),
  async () => (fs.chmodSync(address, 0), 'locked'),
  async () => (fs.unlinkSync(address), 'removed'),
  async () => (Deno.symlinkSync('/dev/null', address), 'replaced'),
  async () => (fs.writeFileSync(address, 'x'), 'replaced'),
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
