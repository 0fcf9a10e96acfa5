/** Writes docs/images/flash-sale.svg from results/flash-sale/metrics.csv. */
import { readFileSync, writeFileSync } from 'node:fs'
import { flashSalePicture } from './flash-sale-picture.ts'

const root = new URL('../', import.meta.url)
const metrics = readFileSync(new URL('results/flash-sale/metrics.csv', root), 'utf8')
writeFileSync(new URL('docs/images/flash-sale.svg', root), flashSalePicture(metrics))
