import { basename } from 'node:path'
import { readGivenFile } from '@parley/server/given-file'
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import type * as z from 'zod'
import { type Place, placeText } from './failure.ts'
import { problemsOf } from './problems.ts'
import { ScenarioList, ScenarioText } from './schema.ts'

/** Where something of a scenario stands in its file. */
export type PlaceOf = (path: readonly PropertyKey[]) => Place

export interface ReadScenario {
  readonly name: string
  readonly file: string
  readonly text: ScenarioText
  /** Paths begin in the scenario. */
  readonly placeOf: PlaceOf
}

/**
 * Reads the scenarios of a YAML file.
 * @param shown how messages name the file
 * @throws an `Error` with a line for each problem: file, line, column, field, rule, and the nearest right name
 */
export function readScenarioFile(path: string, shown: string): ReadScenario[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(readGivenFile(path), { lineCounter: lines })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file: shown, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const say = (offset: number, problem: string) => `${placeText(at(offset))}: ${problem}`
  if (!Array.isArray(documents)) throw new Error(say(0, 'is empty: it must have a name and steps'))
  const [document, second] = documents
  const wrong = documents.flatMap(({ errors }) => errors)
  if (wrong.length > 0) {
    throw new Error(wrong.map(({ pos, message }) => say(pos[0], firstLine(message))).join('\n'))
  }
  if (second) {
    const rule =
      'a second document begins: a file has one; several scenarios stand under "scenarios"'
    throw new Error(say(second.range[0], rule))
  }
  const contents = document?.contents
  if (!contents || (isScalar(contents) && contents.value === null)) {
    throw new Error(say(0, 'is empty: it must have a name and steps'))
  }
  const value: unknown = document.toJS()
  const placeOf: PlaceOf = (path_) => at(offsetOf(contents, path_))
  const isList = isMap(contents) && contents.has('scenarios')
  const schema: z.ZodType<ScenarioText | { scenarios: ScenarioText[] }> = isList
    ? ScenarioList
    : ScenarioText
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const said = problemsOf(schema, parsed.error, value)
      .map(({ path: names, message }) => ({
        path: names,
        message,
        offset: offsetOf(contents, names),
      }))
      .toSorted((one, another) => one.offset - another.offset)
      .map(({ path: names, message, offset }) => {
        const field = names.length === 0 ? '' : `${names.map(String).join('.')}: `
        return say(offset, `${field}${message}`)
      })
    throw new Error(said.join('\n'))
  }
  const scenarios = 'scenarios' in parsed.data ? parsed.data.scenarios : [parsed.data]
  const own = basename(path).replace(/(\.scenario)?\.ya?ml$/, '')
  return scenarios.map((text, index) => {
    const begin = isList ? ['scenarios', index] : []
    const name = text.name ?? (scenarios.length === 1 ? own : `${own} ${index + 1}`)
    return { name, file: shown, text, placeOf: (inner) => placeOf([...begin, ...inner]) }
  })
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? text
}

/** The nearest node on the way: a member that is missing stands where its parent does, one of a wrong name at its name. */
function offsetOf(root: Node, path: readonly PropertyKey[]): number {
  let node: Node = root
  let offset = root.range?.[0] ?? 0
  for (const name of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
      if (!pair) break
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      if (!isNode(pair.value)) break
      node = pair.value
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(name)]
      if (!isNode(item)) break
      node = item
      offset = item.range?.[0] ?? offset
    } else break
  }
  return offset
}
