import { placeText } from './failure.ts'
import type { Result } from './run-all.ts'

/** What a person reads of one scenario. */
export function resultText({ scenario, ms, failure }: Result): string {
  if (!failure) return `ok   ${scenario.name}  (${ms} ms)\n`
  const where = failure.place ? placeText(failure.place) : scenario.file
  const said = failure.message.split('\n').map((line) => `       ${line}`)
  return `FAIL ${scenario.name}  ${where}\n${said.join('\n')}\n`
}

/** A report in the form of JUnit, as servers that run tests read it. */
export function junit(results: readonly Result[], ms: number): string {
  const failures = results.filter(({ failure }) => failure).length
  const suites = [...Map.groupBy(results, ({ scenario }) => scenario.file)].map(([file, all]) => {
    const failed = all.filter(({ failure }) => failure).length
    const cases = all.map((result) => testCase(result))
    return `  <testsuite name="${escaped(file)}" tests="${all.length}" failures="${failed}" errors="0">\n${cases.join('')}  </testsuite>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="parley test" tests="${results.length}" failures="${failures}" time="${seconds(ms)}">
${suites.join('')}</testsuites>
`
}

function testCase({ scenario, ms, failure }: Result): string {
  const { name, file } = scenario
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(file)}" time="${seconds(ms)}"`
  if (!failure) return `${head}/>\n`
  const where = failure.place ? placeText(failure.place) : file
  const first = failure.message.split('\n', 1)[0] ?? ''
  return `${head}>
      <failure message="${escaped(first)}">${escaped(`${where}\n${failure.message}`)}</failure>
    </testcase>
`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML cannot have are left out. */
function escaped(text: string): string {
  const allowed = Array.from(text.toWellFormed()).filter(isOfXml).join('')
  return allowed.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
}

function isOfXml(sign: string): boolean {
  const code = sign.codePointAt(0) ?? 0
  return code >= 32 ? code !== 0xfffe && code !== 0xffff : '\t\n\r'.includes(sign)
}
