import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ordinaryUsersClone } from '../live/ordinary-user.ts'

/** The hostile functions again, where less is around them than `npm test` has shown: exit code 1 when one of them got further. */
const root = join(import.meta.dirname, '..', '..')

interface Person {
  name: string
  /** What turns the one who runs this into that person. */
  as: string[]
  cwd: string
  home?: string
}

/** `confinement` is the strictest to try; without it, all that this system knows. */
function passes({ as, cwd, home, name }: Person, confinement?: 'user' | 'plain'): boolean {
  console.log(`\n${name}, confinement: ${confinement ?? 'the strictest'}`)
  const bin = join(cwd, 'node_modules', '.bin')
  const [program, ...args] = [...as, join(bin, 'vitest'), 'run']
  const config = ['--config', 'e2e/hostile/vitest.config.ts', '--reporter', 'dot']
  const { status } = spawnSync(program, [...args, ...config], {
    cwd,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH']}`,
      ...(home && { HOME: home }),
      ...(confinement && { PARLEY_CONFINEMENT: confinement }),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0
}

function passAll(): boolean[] {
  if (process.getuid?.() !== 0) return [passes({ name: 'this user', as: [], cwd: root }, 'plain')]
  using clone = ordinaryUsersClone()
  const user = { name: 'an ordinary user', ...clone }
  return [passes({ name: 'root', as: [], cwd: root }, 'user'), passes(user), passes(user, 'plain')]
}

process.exitCode = passAll().every(Boolean) ? 0 : 1
