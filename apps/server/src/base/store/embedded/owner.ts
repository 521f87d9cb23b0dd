import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Who runs PostgreSQL, and the words in front of a command that make it run so. */
export interface Owner {
  uid: number
  gid: number
  prefix: string[]
}

/** As root, PostgreSQL runs under this id: it refuses root itself, and nobody else has this one. */
const OWN_ID = 64_480

const DROP_ALL = ['--clear-groups', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs']

/** Who runs the server. Where the kernel can tell it, the server shuts down when Parley is gone. */
export function serverOwner(): Owner {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  if (uid === 0)
    return { uid: OWN_ID, gid: OWN_ID, prefix: [...asUser(OWN_ID, OWN_ID), '--pdeathsig=INT'] }
  const hasSetpriv = process.platform === 'linux' && !spawnSync('setpriv', ['--version']).error
  return { uid, gid, prefix: hasSetpriv ? ['setpriv', '--no-new-privs', '--pdeathsig=INT'] : [] }
}

/** Who runs `initdb`, which wants an id that has a name. What it makes is handed over afterwards. */
export function initdbOwner(): Owner {
  const uid = process.getuid?.() ?? 0
  if (uid !== 0) return serverOwner()
  const nobody = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  if (!nobody)
    throw new Error('Cannot start: as root, Parley needs the user "nobody" to set up PostgreSQL')
  const [id, group] = [Number(nobody[1]), Number(nobody[2])]
  return { uid: id, gid: group, prefix: asUser(id, group) }
}

/** Whether the owner can enter a folder or run a program. */
export function canReach(owner: Owner, path: string): boolean {
  const [command, ...args] = [...owner.prefix, 'test', '-x', path]
  const { status, error } = spawnSync(command, args, { stdio: 'ignore' })
  if (error)
    throw new Error(
      `Cannot start: ${command} cannot be run (is util-linux installed?): ${error.message}`,
    )
  return status === 0
}

function asUser(uid: number, gid: number): string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...DROP_ALL]
}
