"""What every room's pages stand on: layout, components, forms, uploads, the signed-in member, notices."""
