import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from '#testing'
import { expect, test } from 'vitest'

test('who opens the console while it is being built is told so, in a page that asks again, and told once that it has failed', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-console-'))
  const { path: cacheDir } = folder
  await using server = await startTestServer({ cacheDir })
  const open = (path: string, language: string) =>
    server.request('GET', path, { headers: { 'accept-language': language } })
  for (const path of ['/console/1/functions', '/workspace']) {
    const { status, headers, text } = await open(path, 'en-GB')
    expect([status, headers['retry-after']]).toEqual([503, '2'])
    expect(text).toContain('<meta http-equiv="refresh" content="2">')
    expect(text).toContain('These pages are being built')
    expect((await open(path, 'de')).text).toContain('Diese Seiten werden')
  }
  const status = async () => (await open('/console', 'en')).status
  // Where it is to be kept there is no room for it.
  const place = join(cacheDir, 'console')
  await writeFile(place, '')
  await expect.poll(status).toBe(500)
  await rm(place)
  await expect.poll(status).toBe(200)
  const page = await open('/console', 'en')
  const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(page.text) ?? []
  expect((await server.request('GET', script)).status).toBe(200)

  // What is kept of it may lose files: who starts next builds it again.
  const [kept = ''] = await readdir(place)
  const files = await readdir(join(place, kept))
  await rm(join(place, kept, files.find((name) => script.endsWith(name)) ?? ''))
  await using next = await startTestServer({ cacheDir })
  await expect.poll(async () => (await next.request('GET', '/console')).status).toBe(200)
  expect((await next.request('GET', script)).status).toBe(200)
  await writeFile(join(place, kept, 'index.json'), '{')
  await using last = await startTestServer({ cacheDir })
  await expect.poll(async () => (await last.request('GET', '/console')).status).toBe(200)

  // On a disk that is slow.
  const index = join(place, kept, 'index.json')
  await rename(index, join(folder.path, 'index.json'))
  execFileSync('mkfifo', [index])
  const slow = spawn('sh', [
    '-c',
    'exec > "$1"; sleep 1.5; cat "$0"',
    join(folder.path, 'index.json'),
    index,
  ])
  // It may be read while the server starts.
  const ended = once(slow, 'exit')
  await using slowest = await startTestServer({ cacheDir })
  expect((await slowest.request('GET', '/console')).status).toBe(200)
  await ended
})
