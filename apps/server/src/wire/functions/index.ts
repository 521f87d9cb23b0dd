export type { WireFunctionsDeps } from './deps.ts'
export { wireFunctionRoutes } from './routes.ts'
