export { checkSource, type CompiledSource, type SourceCheck } from './check-source.ts'
export { placesInSource } from './places-in-source.ts'
export { compileOrRefuse, describeProblem } from './source-or-refuse.ts'
