import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One hostile function, as its first two lines name it. */
export interface HostileFunction {
  name: string
  tries: string
  must: Fate
  code: string
}

/** What must happen to it. */
const FATES = {
  refused: 'every attempt is refused; the function lives on',
  contained: 'works, but reaches nothing that is not its own',
  'dies alone': '`runtime-exception`; at most its own instance ends',
  'refused or dies alone': 'every attempt is refused, or ends its own instance',
  'time limit': '`executiontime-exceeded`; its instance is killed',
  'log limit': '`log-limit-reached`',
  fails: 'the call fails; the instance lives on',
} as const

export type Fate = keyof typeof FATES

const DIR = join(import.meta.dirname, 'functions')

export function hostileFunctions(): HostileFunction[] {
  return readdirSync(DIR)
    .filter((file) => file.endsWith('.js'))
    .toSorted()
    .map((file) => {
      const code = readFileSync(join(DIR, file), 'utf8')
      const [, tries, must] = /^\/\/ tries: (.+)\n\/\/ must: (.+)\n/.exec(code) ?? []
      if (!tries || !must || !isFate(must)) {
        throw new Error(`${file} does not say what it tries and what must happen`)
      }
      return { name: file.replace(/\.js$/, ''), tries, must, code }
    })
}

function isFate(text: string): text is Fate {
  return Object.hasOwn(FATES, text)
}

/** The table of docs/attacks.md. */
export function hostileTable(): string {
  const rows = hostileFunctions().map(
    ({ must, name, tries }) => `| \`${name}\` | ${tries} | ${FATES[must]} |`,
  )
  return ['| function | tries | must happen |', '|---|---|---|', ...rows].join('\n')
}
