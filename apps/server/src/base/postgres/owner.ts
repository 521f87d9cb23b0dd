import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The user that runs PostgreSQL, and the arguments in front of a command that run it as this user. */
export interface Owner {
  uid: number
  gid: number
  prefix: string[]
}

/** As root, Parley runs PostgreSQL under this id: PostgreSQL refuses root, and no other program uses this id. */
const OWN_ID = 64_480

const DROP_ALL = ['--clear-groups', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs']

/** The user that runs the server. On Linux the kernel stops the server when Parley ends. */
export function serverOwner(): Owner {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  if (uid === 0)
    return { uid: OWN_ID, gid: OWN_ID, prefix: [...asUser(OWN_ID, OWN_ID), '--pdeathsig=INT'] }
  const hasSetpriv = process.platform === 'linux' && !spawnSync('setpriv', ['--version']).error
  return { uid, gid, prefix: hasSetpriv ? ['setpriv', '--no-new-privs', '--pdeathsig=INT'] : [] }
}

/** The user that runs `initdb`, which needs an id that has a name. Its files are given to `serverOwner` afterwards. */
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
