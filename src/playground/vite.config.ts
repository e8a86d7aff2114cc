import { defineConfig } from 'vite'

/** Static files with hashed names, all of them from this server: nothing inline but styles, nothing from elsewhere. */
export default defineConfig({
  base: '/playground/',
  build: {
    outDir: '../../dist/playground',
    emptyOutDir: true,
    // Monaco alone is 4 MB; it is loaded once and kept by the browser.
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      // Marks for React's server components, in files that run in the browser anyway.
      onLog: (level, log, show) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') show(level, log)
      },
    },
  },
  worker: { format: 'es' },
})
