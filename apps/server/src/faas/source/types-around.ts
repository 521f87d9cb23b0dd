import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const TOOLBELT_TYPES = fileURLToPath(
  new URL('../types/lp-faas-toolbelt.d.ts', import.meta.resolve('@parley/toolbelt')),
)

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
  return [
    { name: 'toolbelt.d.ts', text: await readFile(TOOLBELT_TYPES, 'utf8') },
    { name: 'globals.d.ts', text: GLOBALS + inputTypes },
  ]
}
