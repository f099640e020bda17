def finites: select(isfinite);
def normals: select(isnormal);
