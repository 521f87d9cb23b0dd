export { type HistoryDeps, wireHistoryRoutes } from './routes.ts'
