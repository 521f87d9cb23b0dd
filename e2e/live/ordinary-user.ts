import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyPackages } from './copy-packages.ts'
import { removeFolder } from './remove-folder.ts'

const root = join(import.meta.dirname, '..', '..')

/** A copy of this checkout that belongs to a user without rights, with an empty home beside it. Only root can make it. */
export function ordinaryUsersClone() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-user-'))
  const clone = join(folder, 'parley')
  for (const name of readdirSync(root)) {
    if (name === '.git' || name.startsWith('.parley') || name === 'node_modules') continue
    cpSync(join(root, name), join(clone, name), { recursive: true })
  }
  if (!copyPackages(clone, ['-r', '--preserve=links,mode'])) throw new Error('No packages')
  execFileSync('chown', ['-R', 'nobody', folder])
  chmodSync(folder, 0o755)
  const asNobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', '--']
  return {
    as: asNobody,
    cwd: clone,
    home: folder,
    [Symbol.dispose]: () => removeFolder(folder),
  }
}
