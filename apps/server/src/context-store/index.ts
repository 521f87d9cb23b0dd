export { contextStoreRoutes, type ContextStoreDeps } from './routes.ts'
