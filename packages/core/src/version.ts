/** The version of these packages, which all have the same; their manifests say it, too. */
export const version = '0.1.0'
