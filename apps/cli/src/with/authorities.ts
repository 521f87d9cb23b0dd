import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTrusted } from '../authority.ts'

/** A file of authorities that lasts as long as the child. */
export interface Authorities extends Disposable {
  file: string
}

/** The server's authority, beside those that the person's environment already brings: a company's proxy has its own. */
export function joinAuthorities(caFile: string, env: NodeJS.ProcessEnv): Authorities {
  const own = readTrusted(env, 'NODE_EXTRA_CA_CERTS')
  if (own === undefined) return { file: caFile, [Symbol.dispose]: () => undefined }
  const folder = mkdtempSync(join(tmpdir(), 'parley-with-'))
  const file = join(folder, 'authorities.pem')
  writeFileSync(file, `${own}\n${readFileSync(caFile, 'utf8')}`)
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
