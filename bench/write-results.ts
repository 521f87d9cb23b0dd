import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

const RESULTS = join(import.meta.dirname, 'RESULTS.md')
const START = '<!-- figures: written by npm run bench:report -->'
const END = '<!-- end of figures -->'

const Run = z.looseObject({
  name: z.string(),
  at: z.string(),
  machine: z.looseObject({
    cores: z.number(),
    cpu: z.string().optional(),
    memoryGiB: z.number(),
    node: z.string(),
    newPageUs: z.number().optional(),
  }),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  bars: z.array(
    z.looseObject({
      name: z.string(),
      measure: z.string(),
      reached: z.number(),
      bar: z.number(),
      wants: z.enum(['more', 'less']),
    }),
  ),
})
type Run = z.infer<typeof Run>

/** The newest long run of every bench; short ones say little. */
function longRuns(): Run[] {
  const folder = join(import.meta.dirname, 'results')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.endsWith('-short.json'))
    .toSorted()
    .map((file) => Run.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
}

function table(head: string[], rows: unknown[][]): string {
  const line = (cells: unknown[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const digits = (value: number) => Number(value.toPrecision(3))

function barsTable(runs: Run[]): string {
  const rows = runs
    .flatMap(({ bars }) => bars)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    .map(({ name, measure, reached, bar, wants }) => {
      const isMet = wants === 'more' ? reached >= bar : reached <= bar
      return [
        name,
        measure,
        digits(reached),
        `${wants === 'more' ? '≥' : '≤'} ${bar}`,
        isMet ? 'met' : '**missed**',
      ]
    })
  return table(['#', 'measure', 'reached', 'bar', ''], rows)
}

function section({ name, at, machine, rows }: Run): string {
  const head = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const { cores, cpu, memoryGiB, node, newPageUs } = machine
  const page = newPageUs === undefined ? '' : `, ${newPageUs} µs for a new page of memory`
  return [
    `### ${name}`,
    `${at.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGiB} GiB, Node ${node}${page}`,
    table(
      head,
      rows.map((row) => head.map((key) => row[key])),
    ),
  ].join('\n\n')
}

const runs = longRuns()
if (runs.length === 0) throw new Error('No long run in bench/results: npm run bench')
const text = readFileSync(RESULTS, 'utf8')
const [before, after] = [text.indexOf(START), text.indexOf(END)]
if (before < 0 || after < 0)
  throw new Error(`bench/RESULTS.md has lost its marks ${START} and ${END}`)
const figures = [START, '## Bars', barsTable(runs), '## Figures', ...runs.map(section), END].join(
  '\n\n',
)
writeFileSync(RESULTS, text.slice(0, before) + figures + text.slice(after + END.length))
