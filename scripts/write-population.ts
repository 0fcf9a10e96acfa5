/** Writes the population of scenarios/keep-alive-policies.yaml anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withPopulation } from './population.ts'

const file = new URL('../scenarios/keep-alive-policies.yaml', import.meta.url)
writeFileSync(file, withPopulation(readFileSync(file, 'utf8')))
