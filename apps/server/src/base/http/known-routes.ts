import type { FastifyInstance } from 'fastify'
import { type PathMatch, matchPath } from './match-path.ts'

/** Remembers what is mounted, to distinguish a wrong method (405) from a wrong path (404). */
export function rememberRoutes(app: FastifyInstance): { methodsOf(path: string): string[] } {
  const routes: { match: PathMatch; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // A route for every path says nothing about the methods of one path.
    if (url !== '*' && url !== '/*')
      routes.push({ match: matchPath(url), methods: [method].flat() })
  })
  return {
    methodsOf: (path) =>
      routes.filter(({ match }) => match(path) !== undefined).flatMap(({ methods }) => methods),
  }
}
