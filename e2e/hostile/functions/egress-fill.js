// tries: to fill the folder of the egress proxy with files
// must: refused
const address = Deno.args[0] ?? '/proc/self/fd/3'
const fs = process.getBuiltinModule('fs')
const folder = address.replace(/[^/]*$/, '')
const makers = [
  (path) => Deno.mkdirSync(path),
  (path) => Deno.writeTextFileSync(path, ''),
  (path) => fs.mkdirSync(path),
  (path) => Deno.symlinkSync('x', path),
]
async function lambda() {
  const escaped = []
  try { Deno.removeSync(address) } catch {}
  for (const make of makers) {
    for (const path of [address, `${address}/x`, `${address}-x`, `${folder}x`, `/proc/self/fd/3/x`]) {
      try {
        make(path)
        escaped.push(path)
      } catch {}
    }
  }
  return { escaped }
}
