export type { CompiledSource, SourceCheck } from './check-source.ts'
export { type Compiler, openCompiler } from './open.ts'
export { placesInSource } from './places-in-source.ts'
export { compileOrRefuse, describeProblem } from './source-or-refuse.ts'
