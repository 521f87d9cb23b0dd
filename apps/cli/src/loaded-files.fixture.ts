import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** For processes that have `NODE_V8_COVERAGE` of this folder: which files each of them had loaded when it ended. */
export function witnessLoading(): { folder: string; loaded(): string[][] } {
  const folder = mkdtempSync(join(tmpdir(), 'parley-loaded-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    loaded: () =>
      readdirSync(folder).map((name) => {
        const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
          result: { url: string }[]
        }
        return result.map(({ url }) => url).filter((url) => url.startsWith('file:'))
      }),
  }
}
