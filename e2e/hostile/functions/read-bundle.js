// tries: to read the program that it runs in
// must: refused
const attempts = [
  async () => (await import('node:fs')).readFileSync(process.argv[1], 'utf8'),
  async () => Deno.readTextFileSync(new URL(Deno.mainModule)),
  async () => fetch(Deno.mainModule).then((r) => r.text()),
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
