import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../apps/server/testing/free-port.ts'
import { mainConfig, masterConfig, type PostfixPlan, saslConfig } from './postfix-config.ts'
import { removeFolder } from '../live/remove-folder.ts'

const NOBODY = 65_534

export interface Postfix extends Disposable {
  /** With the credentials in it. */
  readonly url: string
  /** Of the certificate's issuer, for `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string
  /** The mails in a mailbox, as they were written to disk. */
  mailbox(name: string): string[]
  log(): string
}

/** Installs Postfix with its helpers, where that is possible; answers why not where it is not. */
export function ensurePostfix(): string | undefined {
  if (existsSync('/usr/sbin/postfix') && existsSync('/usr/sbin/saslpasswd2')) {
    return process.getuid?.() === 0 ? undefined : 'Postfix can be started by root only'
  }
  if (process.getuid?.() !== 0) return 'Postfix is not installed, and only root can install it'
  if (!existsSync('/usr/bin/apt-get')) return 'There is no apt to install Postfix with'
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const packages = ['postfix', 'sasl2-bin', 'libsasl2-modules', 'openssl']
  execFileSync('apt-get', ['update'], { env, stdio: 'ignore' })
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
    env,
    stdio: 'ignore',
  })
  return undefined
}

/** A Postfix of its own, on a free port of the loopback. */
export async function startPostfix(
  wanted: Pick<PostfixPlan, 'mailboxes' | 'aliases'>,
): Promise<Postfix> {
  const dir = mkdtempSync(join(tmpdir(), 'parley-postfix-'))
  chmodSync(dir, 0o755)
  const port = await freePort()
  const plan: PostfixPlan = { ...wanted, dir, port, user: 'parley', password: 'ge:he/im @1' }
  for (const folder of ['spool', 'sasl', 'mail', 'data']) mkdirSync(join(dir, folder))
  chownSync(join(dir, 'mail'), NOBODY, NOBODY)
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(run('id', [flag, 'postfix'])))
  chownSync(join(dir, 'data'), uid ?? 0, gid ?? 0)
  writeFileSync(join(dir, 'main.cf'), mainConfig(plan))
  writeFileSync(join(dir, 'master.cf'), masterConfig(plan))
  writeFileSync(join(dir, 'sasl', 'smtpd.conf'), saslConfig(plan))
  const users = join(dir, 'sasl', 'users')
  run('saslpasswd2', ['-p', '-c', '-u', 'parley.test', '-f', users, plan.user], plan.password)
  chownSync(users, uid ?? 0, gid ?? 0)
  const caFile = join(dir, 'certificate.pem')
  const key = join(dir, 'key.pem')
  const asked = '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost'.split(' ')
  const names = ['-addext', 'subjectAltName=DNS:localhost']
  run('openssl', ['req', ...asked, ...names, '-out', caFile, '-keyout', key])
  run('postfix', ['-c', dir, 'start'])
  const credentials = `${encodeURIComponent(plan.user)}:${encodeURIComponent(plan.password)}`
  return {
    url: `smtp://${credentials}@localhost:${port}`,
    caFile,
    mailbox(name) {
      const folder = join(dir, 'mail', name, 'new')
      if (!existsSync(folder)) return []
      return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'))
    },
    log: () => readFileSync(join(dir, 'log'), 'utf8'),
    [Symbol.dispose]() {
      run('postfix', ['-c', dir, 'stop'])
      removeFolder(dir)
    },
  }
}

function run(program: string, args: string[], input?: string): string {
  const path = `${process.env['PATH']}:/usr/sbin:/sbin`
  return execFileSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(input !== undefined && { input }),
  })
}
