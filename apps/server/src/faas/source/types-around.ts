import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** By the names under which a source finds them. */
const TOOLBELT_TYPES = {
  'toolbelt.d.ts': 'lp-faas-toolbelt.d.ts',
  'toolbelt-names.d.ts': 'lp-faas-toolbelt-names.d.ts',
}

/** Libraries other than the toolbelt have no types here. */
const GLOBALS = `declare module '*'
declare module 'core-functions-toolbelt' { export * from 'lp-faas-toolbelt' }
declare const Buffer: any
declare const process: any
declare const require: any
declare const module: any
declare const exports: any
declare const global: any
declare function setImmediate(work: (...given: any[]) => void, ...given: any[]): any
type Buffer = any
type BufferEncoding = string
declare namespace NodeJS { type Timeout = any }
`

/**
 * What a source finds around it, as files of declarations.
 * @param inputTypes declares what the function gets, in TypeScript
 */
export async function typesAround(inputTypes: string): Promise<{ name: string; text: string }[]> {
  const toolbelt = Object.entries(TOOLBELT_TYPES).map(async ([name, file]) => ({
    name,
    text: await readFile(inToolbelt(file), 'utf8'),
  }))
  return [...(await Promise.all(toolbelt)), { name: 'globals.d.ts', text: GLOBALS + inputTypes }]
}

function inToolbelt(file: string): string {
  return fileURLToPath(new URL(`../types/${file}`, import.meta.resolve('@parley/toolbelt')))
}
