import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { bundle } from '#base/kernel'

export interface Bundle {
  text: Buffer
  gzipped: Buffer
  /** Changes with the content. */
  tag: string
}

/** A script of the consumer page, made from its sources when it is first asked for: there is no build step to forget. */
export async function bundleConsumerPage(name: 'consumer' | 'consumer-preview'): Promise<Bundle> {
  const { outputFiles } = await bundle({
    entryPoints: [fileURLToPath(import.meta.resolve(`@parley/console/${name}`))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.css': 'text' },
    legalComments: 'none',
  })
  const text = Buffer.concat(outputFiles.map(({ contents }) => contents))
  const tag = `"${hash('sha256', text, 'base64url').slice(0, 22)}"`
  return { text, gzipped: gzipSync(text, { level: 9 }), tag }
}
