export { type Metrics, openMetrics } from './open.ts'
