import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, PATIENCE_MS } from '../live/eventually.ts'
import { startParley } from '../live/parley.ts'
import type { Checks } from './checks.ts'
import { copyPackages } from '../live/copy-packages.ts'
import { removeFolder } from '../live/remove-folder.ts'

const root = join(import.meta.dirname, '..', '..')

/** What a reader fills in. */
const PLACEHOLDERS: Record<string, string> = { '<address of this repository>': root }

/** The commands of the README, in its order: the text of each `sh` block. */
function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) =>
    block.replaceAll(/<[a-z ]+>/g, (placeholder) => {
      const value = PLACEHOLDERS[placeholder]
      if (value === undefined) throw new Error(`README: nobody knows what ${placeholder} is`)
      return JSON.stringify(value)
    }),
  )
}

/** Does what the README says, from the text itself: clones, starts, opens each address, runs each command. */
export async function checkReadme({ check }: Checks): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-readme-'))
  const clone = join(folder, 'parley')
  const says = (claim: string) => `README: ${claim}`
  try {
    const text = readFileSync(join(root, 'README.md'), 'utf8')
    const [first = '', ...rest] = blocksOf(text)
    const lines = first.trim().split('\n')
    check(says('begins with git clone'), lines[0]?.startsWith('git clone ') ?? false, first)
    check(says('ends its first block with npm start'), lines.at(-1) === 'npm start', first)
    const began = run(`${lines.slice(0, -1).join('\n')}\npwd`, folder, {})
    check(
      says('clones'),
      began.status === 0 && began.stdout.trim().endsWith('parley'),
      began.output,
    )
    // The clone has what is committed; what is read here and run there must be the same.
    cpSync(join(root, 'README.md'), join(clone, 'README.md'))
    takePackages(clone)

    await using parley = await startParley({
      cwd: clone,
      command: ['npm', 'start'],
      env: { PARLEY_LOG_LEVEL: 'info' },
    })
    const { url } = parley.endpoint
    check(
      says('npm start runs Parley'),
      parley.output().includes('Parley is ready'),
      parley.output(),
    )
    for (const [address] of text.matchAll(/(?<=<)http:\/\/127\.0\.0\.1:4800[^>]*/g)) {
      // Whoever asks first for a page of the console is told that it is being built.
      const status = await eventually(address, async () => {
        const { status } = await fetch(address.replace('http://127.0.0.1:4800', url))
        return status === 503 ? undefined : status
      })
      check(says(`${address} is there`), status === 200, status)
    }
    const env = {
      PARLEY_PORT: new URL(url).port,
      PARLEY_DATA: parley.dataDir,
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
    }
    // What stands inside a sentence is a command, too.
    const scripts = Object.keys(
      (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
    )
    const help = run('node apps/cli/bin/parley.js help', clone, env).stdout
    for (const [, program, name = ''] of text.matchAll(/`(parley|npm run) ([\w:-]+)[^`]*`/g)) {
      const isThere =
        program === 'parley' ? new RegExp(`^  ${name} `, 'm').test(help) : scripts.includes(name)
      check(
        says(`there is ${program} ${name}`),
        isThere,
        program === 'parley' ? help : scripts.join(),
      )
    }
    // One shell, as a reader's terminal: what a block sets, the next one has.
    const script = rest.map((block, at) => `echo '== block ${at}'\n${block}`).join('\n')
    const ran = run(`set -e\nshopt -s expand_aliases\n${script}`, clone, env)
    check(says(`its other ${rest.length} blocks of commands run`), ran.status === 0, ran.output)
    for (const seen of ['systemMessage applied', 'hello is deployed', 'Nothing is wrong']) {
      check(says(`"${seen}" is seen`), ran.stdout.includes(seen), ran.output)
    }
  } finally {
    removeFolder(folder)
  }
}

function run(script: string, cwd: string, env: Record<string, string>) {
  const { INIT_CWD: _, ...inherited } = process.env
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    cwd,
    env: { ...inherited, ...env },
    encoding: 'utf8',
    timeout: 2 * PATIENCE_MS,
  })
  return { status, stdout, output: `${stdout}${stderr}` }
}

/** The packages of this checkout, so that the clone's first start has nothing to fetch. */
function takePackages(clone: string): void {
  if (copyPackages(clone, ['-al'])) return
  removeFolder(join(clone, 'node_modules'))
  copyPackages(clone, ['-a'])
}
