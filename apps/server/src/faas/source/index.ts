export { checkSource, type CompiledSource, type SourceCheck } from './check-source.ts'
export { originalPlace } from './compile-typescript.ts'
export { compileOrRefuse, describeProblem } from './source-or-refuse.ts'
