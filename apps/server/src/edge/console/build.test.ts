import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildConsole } from './build.ts'

/** What a first page may load, compressed. */
const MAX_FIRST_LOAD = 300_000

test('a first page loads at most 300 KB of scripts, and no editor', async () => {
  const { names, gzipped } = await buildConsole()
  for (const page of [names.studio, names.workspace]) {
    const { size, count } = firstLoad(page.script, gzipped)
    expect(size, `${page.script}: ${count} scripts`).toBeLessThanOrEqual(MAX_FIRST_LOAD)
    expect(size).toBeGreaterThan(100_000)
  }
  // The editor is by far the largest part.
  expect(Math.max(...[...gzipped].map(([, file]) => file.length))).toBeGreaterThan(MAX_FIRST_LOAD)
})

test('a field that is left out is missing also where the page itself checks it', async () => {
  const { gzipped } = await buildConsole()
  const scripts = [...gzipped.values()].map((file) => gunzipSync(file).toString())
  expect(scripts.some((script) => /customError:.{1,99}"is missing"/.test(script))).toBe(true)
})

function firstLoad(script: string, gzipped: ReadonlyMap<string, Buffer>) {
  const first = new Set<string>()
  function follow(name: string): void {
    const file = gzipped.get(name)
    if (!file || first.has(name)) return
    first.add(name)
    const imports = gunzipSync(file)
      .toString()
      .matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)
    for (const [, imported = ''] of imports) follow(imported)
  }
  follow(script)
  const sizes = [...first].map((name) => gzipped.get(name)?.length ?? 0)
  return { size: sizes.reduce((sum, one) => sum + one, 0), count: first.size }
}
