import type { BuildOptions, BuildResult } from 'esbuild'

let running = 0

/** Bundles sources. The compiler is a process of more than 100 MB: it ends with the last bundle that is made. */
export async function bundle<const Options extends BuildOptions>(
  options: Options & Record<Exclude<keyof Options, keyof BuildOptions>, never>,
): Promise<BuildResult<Options>> {
  const { build, stop } = await import('esbuild')
  running++
  try {
    return await build<Options>(options as Parameters<typeof build<Options>>[0])
  } finally {
    running--
    if (running === 0) await stop()
  }
}
