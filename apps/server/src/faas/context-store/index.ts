export { contextEraser } from './erase.ts'
export { contextStoreRoutes, type ContextStoreDeps } from './routes.ts'
