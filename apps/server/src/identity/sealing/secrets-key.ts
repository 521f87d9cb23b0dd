import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Db } from '#base/store'
import { findInstallationValue, insertInstallationValue } from './installation-repository.ts'
import { type SecretsBox, secretsBox } from './secrets-box.ts'

const CHECK = 'secrets-key-check'

export interface OpenedSecrets {
  box: SecretsBox
  /** The file of a key that was there before a database that knows no key: it is of other data. */
  formerKey: string | undefined
}

/**
 * Opens the box with the given key, or with the one kept beside the data, which is made at the first start.
 * @throws an `Error` of one line when the data were written with another key, or the key is missing
 */
export async function openSecretsBox(
  { db }: { db: Db },
  { dataDir, key }: { dataDir: string; key: string | undefined },
): Promise<OpenedSecrets> {
  const path = join(dataDir, 'secrets.key')
  const [source, remedy] =
    key === undefined
      ? [path, 'put the key there that was copied with them']
      : ['PARLEY_SECRETS_KEY', `set it to theirs, or unset it where theirs is in ${path}`]
  // In this order: another node that starts beside this one writes its key first, then the check.
  const check = await findInstallationValue(db, CHECK)
  const found = key ?? (await readKey(path))
  if (found === undefined && check !== undefined) {
    throw new Error(
      `Cannot start: the secrets key of these data is missing; put it back to ${path} or set PARLEY_SECRETS_KEY`,
    )
  }
  const box = secretsBox(Buffer.from(found ?? (await makeKey(path)), 'hex'))
  if (!opens(box, check ?? (await writeCheck(db, box)))) {
    throw new Error(
      `Cannot start: the data were written with another secrets key than that of ${source}; ${remedy}`,
    )
  }
  const isFormer = key === undefined && found !== undefined && check === undefined
  return { box, formerKey: isFormer ? path : undefined }
}

async function readKey(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Error(`Cannot start: the secrets key cannot be read: ${error.message}`, {
      cause: error,
    })
  })
  if (text === undefined) return undefined
  const key = text.trim()
  if (/^[0-9a-f]{64}$/i.test(key)) return key
  throw new Error(
    `Cannot start: ${path} does not hold 64 hexadecimal digits; put the key there that was copied with the data`,
  )
}

/** Whole or not at all, and never over another one: a crash must not leave half a key, nor two nodes make two. */
async function makeKey(path: string): Promise<string> {
  const key = randomBytes(32).toString('hex')
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(draft, `${key}\n`, { mode: 0o600, flush: true })
  try {
    await link(draft, path)
    return key
  } catch (cause) {
    const other = await readKey(path)
    if (other === undefined) throw cause
    return other
  } finally {
    await rm(draft)
  }
}

/** Another node may have been faster: what counts is the value that is there afterwards. */
async function writeCheck(db: Db, box: SecretsBox): Promise<string> {
  const value = box.seal('parley', CHECK)
  await insertInstallationValue(db, CHECK, value)
  return (await findInstallationValue(db, CHECK)) ?? value
}

function opens(box: SecretsBox, check: string): boolean {
  try {
    return box.open(check, CHECK) === 'parley'
  } catch {
    return false
  }
}
