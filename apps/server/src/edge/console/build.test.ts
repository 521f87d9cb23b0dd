import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildConsole } from './build.ts'

/** What a first page may load, compressed. */
const MAX_FIRST_LOAD = 300_000

test('a first page loads at most 300 KB of scripts in either language, and no editor', async () => {
  const { names, gzipped } = await buildConsole()
  // A page in German asks for what was refused in German when it begins.
  const [german] = [...gzipped.keys()].filter((name) => /^german-refusals-.*\.js$/.test(name))
  for (const page of [names.studio, names.workspace]) {
    const english = firstLoad([page.script], gzipped)
    const both = firstLoad([page.script, german ?? ''], gzipped)
    expect(both.count).toBeGreaterThan(english.count)
    expect(both.size, `${page.script}: ${both.count} scripts`).toBeLessThanOrEqual(MAX_FIRST_LOAD)
    expect(english.size).toBeGreaterThan(100_000)
  }
  // The editor is by far the largest part.
  expect(Math.max(...[...gzipped].map(([, file]) => file.length))).toBeGreaterThan(MAX_FIRST_LOAD)
})

test('a field that is left out is missing also where the page itself checks it', async () => {
  const { gzipped } = await buildConsole()
  const scripts = [...gzipped.values()].map((file) => gunzipSync(file).toString())
  expect(scripts.some((script) => /customError:.{1,99}"is missing"/.test(script))).toBe(true)
})

function firstLoad(scripts: readonly string[], gzipped: ReadonlyMap<string, Buffer>) {
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
  for (const script of scripts) follow(script)
  const sizes = [...first].map((name) => gzipped.get(name)?.length ?? 0)
  return { size: sizes.reduce((sum, one) => sum + one, 0), count: first.size }
}
